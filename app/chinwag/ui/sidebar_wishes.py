"""What a person wishes for the conversations and folders of the side bar, as signals."""

from PySide6.QtCore import QObject, Signal


class SidebarWishes(QObject):
    """Rows, list and menus say here what is wished; whoever keeps conversations listens."""

    rename_requested = Signal(int, str)  # conversation id, another title
    pin_requested = Signal(int, bool)  # keep this conversation on top, or no longer
    move_requested = Signal(int, object)  # conversation id, the folder it goes to or None
    export_requested = Signal(int)  # save this conversation as a file
    delete_requested = Signal(int)  # put this conversation into the bin
    folder_create_requested = Signal(object)  # for this conversation id, or None for an empty one
    folder_rename_requested = Signal(int, str)  # folder id, another name
    folder_open_requested = Signal(int, bool)  # show or hide what is in this folder
    folder_delete_requested = Signal(int)  # remove this folder; what is in it stays
