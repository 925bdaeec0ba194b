import posthog from 'posthog-js'

// autocapture: true would record clicks
posthog.init('twin', { autocapture: false, disable_session_recording: true })
