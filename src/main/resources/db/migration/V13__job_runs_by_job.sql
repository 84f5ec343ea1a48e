-- A sweep that finds something every second leaves 86,400 runs a day: what is asked of them must not read them all.
create index job_run_by_job on job_run (job, start_time desc, run_id);
-- Those that may be dead, dry runs included.
create index job_run_alive on job_run (job) where state = 'RUNNING';
