"""Every action of the window in one table; menus, tool bar and the key list are made from it."""

from workbench.gui.action_spec import ActionSpec
from workbench.gui.actions_analysis import ANALYSIS_ACTIONS
from workbench.gui.actions_checks import CHECK_ACTIONS
from workbench.gui.actions_edit import EDIT_ACTIONS
from workbench.gui.actions_file import FILE_ACTIONS
from workbench.gui.actions_help import HELP_ACTIONS
from workbench.gui.actions_regions import REGION_ACTIONS
from workbench.gui.actions_view import VIEW_ACTIONS

ACTIONS: tuple[ActionSpec, ...] = (
    *FILE_ACTIONS,
    *EDIT_ACTIONS,
    *REGION_ACTIONS,
    *ANALYSIS_ACTIONS,
    *CHECK_ACTIONS,
    *VIEW_ACTIONS,
    *HELP_ACTIONS,
)
