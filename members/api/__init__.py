"""The API for members' programs, under ``/api/v1/``. It calls the services of the pages."""
