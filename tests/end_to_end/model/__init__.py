"""A scripted model on loopback that speaks the four APIs the AI CLIs use, so that real CLIs run without a network."""

from model.server import ModelServer
from model.turns import Call, Turn, edit, shell, write

__all__ = ["Call", "ModelServer", "Turn", "edit", "shell", "write"]
