// amplitude of a wave, segment of a line, sentry of a castle
export const amplitude = (samples) => Math.max(...samples)
export const segment = (a, b) => ({ a, b })
