"""SQLAlchemy's home: the tables and one module of queries for each noun."""
