"""The command `pubsub-tools`: the composition root."""
