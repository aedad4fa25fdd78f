"""Pictures and files of a graph: pure functions of plain values.

Only ``svg`` starts a process, because a layout must be stoppable; nothing here reads the workspace.
"""
