"""The shop as a real process that is killed at named points, while the world around it goes on."""
