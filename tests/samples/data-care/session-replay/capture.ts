import posthog from 'posthog-js'

posthog.init('twin', { autocapture: true })
