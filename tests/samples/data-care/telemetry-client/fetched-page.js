export function hello(log) {
  log('Twin counts how often its commands run.')
  log('Read more: https://twin-vendor.net/telemetry')
}
