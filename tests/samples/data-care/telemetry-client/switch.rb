require "net/http"

module Twin
  def self.ask
    return if ENV["TWIN_CHECKPOINT_DISABLE"]
    Net::HTTP.get(URI("https://twin-vendor.net/versions"))
  end
end
