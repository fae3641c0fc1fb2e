"""Airflow on this machine, without importing it: one night in the foreground, or the api-server,
the scheduler and the dag-processor as processes of their own. Its metadata, logs and passwords are
in `<data_dir>/airflow`."""
