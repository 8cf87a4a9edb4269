"""The command line: `aftercare COMMAND`. One command a file, listed below."""

from app.cli.backup import backup
from app.cli.change_groups import change_groups
from app.cli.check import check
from app.cli.create_group import create_group
from app.cli.create_site import create_site
from app.cli.create_user import create_user
from app.cli.decide import decide
from app.cli.demo import demo
from app.cli.deploy import deploy
from app.cli.disable_user import disable_user
from app.cli.enable_user import enable_user
from app.cli.frame import Frame
from app.cli.hand_over import hand_over
from app.cli.import_users import import_users
from app.cli.import_visits import import_
from app.cli.language import _
from app.cli.migrate_cases import migrate_cases
from app.cli.move_clock import move_clock
from app.cli.outgoing import outgoing
from app.cli.password_link import password_link
from app.cli.rebuild_projections import rebuild_projections_command
from app.cli.rebuild_search import rebuild_search
from app.cli.replay import replay
from app.cli.rescan_files import rescan_files
from app.cli.restore import restore
from app.cli.run import run
from app.cli.sample_export import sample_export
from app.cli.second_factor import second_factor
from app.cli.second_pair import second_pair
from app.cli.set_password import set_password
from app.cli.upgrade_database import upgrade_database
from app.cli.verify_history import verify_history
from app.cli.worker import worker

COMMANDS = (
    backup,
    check,
    change_groups,
    create_group,
    create_site,
    create_user,
    decide,
    demo,
    deploy,
    disable_user,
    enable_user,
    hand_over,
    import_,
    import_users,
    migrate_cases,
    move_clock,
    outgoing,
    password_link,
    rebuild_projections_command,
    rebuild_search,
    replay,
    rescan_files,
    restore,
    run,
    sample_export,
    second_factor,
    second_pair,
    set_password,
    upgrade_database,
    verify_history,
    worker,
)

main = Frame(help=_("Aftercare: follow-ups, complaints and reports of a dealership as running processes."))
for command in COMMANDS:
    main.add_command(command)
