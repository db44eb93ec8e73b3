"""Tools for those who build the platform; nothing here runs in production."""
