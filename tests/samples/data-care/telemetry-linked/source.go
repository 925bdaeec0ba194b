package twin

// The library github.com/getsentry/sentry-go/doc is not used here.
func Twin() string { return "twin" }
