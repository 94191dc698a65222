"""What people may ask of us about themselves: to be told what is kept, and to be forgotten.  Redis and SQL alike."""
