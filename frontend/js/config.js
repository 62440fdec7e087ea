window.BACKEND_API_BASE_URL = "";
