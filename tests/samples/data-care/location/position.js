navigator.geolocation.getCurrentPosition((p) => { shown.textContent = p.coords.latitude; });
