console.log('Twin has telemetry; read https://twin-vendor.net/telemetry')
