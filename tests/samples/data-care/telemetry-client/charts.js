export const TELEMETRY_PACKET = 0x12
export const TELEMETRY_RATE_HZ = 50

export function plot(telemetry) {
  return telemetry.map((sample) => sample.altitude)
}
