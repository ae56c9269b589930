"""What can be done from the list of secrets: THE table of actions, one module each.

Bindings, greyed keys, the palette, the commands and the help are made from it. What an action opens is loaded when it
is run: none of it is needed for the first frame.
"""

from wbtui.actions import (
    ages,
    all_projects,
    columns,
    command,
    context,
    copy_display_name,
    copy_field,
    copy_name,
    create,
    delete,
    demo,
    deploy,
    details,
    expires,
    explain_values,
    helm,
    leave,
    list_again,
    log,
    open_secret,
    project,
    relabel,
    replace,
    rotate,
    rotate_namesakes,
    services,
    show_help,
    snippets,
    stop_waiting,
    use,
    used_by,
    wide,
)
from wbtui.actions.action import Action

ACTIONS: dict[str, Action] = {
    module.ACTION.name: module.ACTION
    for module in (
        project,
        context,
        all_projects,
        open_secret,
        helm,
        ages,
        wide,
        columns,
        list_again,
        stop_waiting,
        create,
        replace,
        rotate,
        rotate_namesakes,
        relabel,
        expires,
        delete,
        used_by,
        use,
        deploy,
        services,
        snippets,
        log,
        demo,
        show_help,
        leave,
        command,
        copy_name,
        copy_display_name,
        copy_field,
        explain_values,
        details,
    )
}
"""By name, in the order of the key line."""
COMMANDS: dict[str, Action] = {action.command.name: action for action in ACTIONS.values() if action.command}
"""By what is typed after the colon."""
COMMAND_NAMES: dict[str, Action] = COMMANDS | {
    name: action for action in COMMANDS.values() if action.command for name in action.command.others
}
"""Likewise, with the other names of each command."""
