from app import connectors
from app.operations import operation_connectors
from app.operations.job_handlers import JOB_HANDLERS, JOB_KINDS
from app.operations.jobs import EXTERNAL
from app.operations.periodic_jobs import PERIODIC_JOBS


def test_names_are_unique() -> None:
    assert len(JOB_HANDLERS) == len(JOB_KINDS)
    assert len({periodic.name for periodic in PERIODIC_JOBS}) == len(PERIODIC_JOBS)
    assert len(operation_connectors.BY_NAME) == len(operation_connectors.OPERATION_CONNECTORS)


def test_a_connector_is_one_of_ours_or_of_the_world_outside() -> None:
    assert not set(connectors.BY_NAME) & set(operation_connectors.BY_NAME)


def test_external_jobs_are_left_to_others() -> None:
    assert EXTERNAL not in JOB_HANDLERS
