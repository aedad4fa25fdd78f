"""The guards, a file each: ``around`` takes a call and returns one that is guarded, for sync and async handlers alike."""
