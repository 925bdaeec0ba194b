require "sentry_post"
# require "sentry-ruby"
puts "a sentry stands there"
