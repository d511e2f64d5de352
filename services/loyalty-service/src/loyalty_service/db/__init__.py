"""SQL, one file per noun; rows become domain values here and nowhere else."""
