"""The machine: processes, the sandbox, the cache, files and folders."""
