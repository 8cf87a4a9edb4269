"""Which engines there are, and which version of the interface this is."""

from importlib.metadata import version

from app.web.bearers import needs_scope
from app.web.engine_rest.resource import resource
from app.web.permissions import Permission, requires

blueprint = resource("engine")

ENGINE = "default"


@blueprint.get("/engine")
@requires(Permission.WORK)
@needs_scope("read")
def engines() -> list[dict[str, str]]:
    """There is one."""
    return [{"name": ENGINE}]


@blueprint.get("/version")
@requires(Permission.WORK)
@needs_scope("read")
def product_version() -> dict[str, str]:
    """The version of the product."""
    return {"version": version("aftercare")}
