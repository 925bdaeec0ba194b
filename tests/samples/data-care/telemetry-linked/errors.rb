require "sentry-ruby"

Sentry.init { |config| config.dsn = ENV["TWIN_DSN"] }
