"""Decision tables of the deployments in force, as programs list them."""

from sqlalchemy import Select, func, select

from app.models.process_definition import DeploymentResource, ProcessDefinition


def decision_files() -> Select[str, str, str, bytes, int]:
    """(definition id, deployment id, name, content, version) of the DMN files of the newest version of each process."""
    newest = select(ProcessDefinition.key, func.max(ProcessDefinition.version).label("version"))
    newest_of_each = newest.group_by(ProcessDefinition.key).subquery()
    return (
        select(
            ProcessDefinition.id,
            ProcessDefinition.deployment_id,
            DeploymentResource.name,
            DeploymentResource.content,
            ProcessDefinition.version,
        )
        .join(
            newest_of_each,
            (ProcessDefinition.key == newest_of_each.c.key) & (ProcessDefinition.version == newest_of_each.c.version),
        )
        .join(DeploymentResource, DeploymentResource.deployment_id == ProcessDefinition.deployment_id)
        .where(DeploymentResource.kind == "dmn")
        .order_by(ProcessDefinition.deployment_id, ProcessDefinition.id, DeploymentResource.name)
    )
