"""What is heard from other services. One file per publisher."""
