"""What tests of event-driven code need. The pytest fixtures lie in ``pytest_plugin`` and load with pytest itself."""
