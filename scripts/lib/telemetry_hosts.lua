--- Hosts that products report to about themselves and their users: usage statistics, crash reports, update checks that
--- carry a profile of the installation. One row each: { host, whose }, and its source.
---
--- Hosts stand here with blanks for dots, sources without their scheme: whatever searches files for such hosts, this
--- program among it, is not to find this list. A host that begins with a blank stands for all hosts below it.
--- Rows are written by the project from what vendors themselves publish (the source names the page or the place in their
--- code). A row says that the host takes such reports, not that a product sends any, and not that sending them is wrong.

return {
  -- operating systems and distributions
  { "popcon debian org", "Debian popularity contest" }, -- popcon.debian.org
  { "popcon ubuntu com", "Ubuntu popularity contest" }, -- popcon.ubuntu.com
  { "daisy ubuntu com", "Ubuntu error reports (whoopsie)" }, -- wiki.ubuntu.com/ErrorTracker
  { "metrics ubuntu com", "Ubuntu system report" }, -- github.com/ubuntu/ubuntu-report
  { "retrace fedoraproject org", "Fedora crash analysis (ABRT)" }, -- retrace.fedoraproject.org
  { "telemetry kde org", "KDE feedback" }, -- community.kde.org/Telemetry_Policy
  { "vortex data microsoft com", "Windows telemetry" }, -- learn.microsoft.com/windows/privacy
  { "settings-win data microsoft com", "Windows telemetry settings" }, -- learn.microsoft.com/windows/privacy
  { " events data microsoft com", "Microsoft 1DS telemetry" }, -- learn.microsoft.com/windows/privacy
  { "telemetry go dev", "Go toolchain" }, -- telemetry.go.dev

  -- web frameworks, command-line tools, content management
  { "api wordpress org", "WordPress (update checks that describe the site)" }, -- wordpress.org/about/privacy
  { "updates drupal org", "Drupal project usage" }, -- www.drupal.org/project/usage
  { "developer joomla org", "Joomla statistics" }, -- developer.joomla.org/about/stats.html
  { "analytics strapi io", "Strapi" }, -- docs.strapi.io
  { "telemetry directus io", "Directus" }, -- docs.directus.io
  { "telemetry payloadcms com", "Payload" }, -- payloadcms.com/docs
  { "telemetry medusa-commerce com", "Medusa" }, -- docs.medusajs.com
  { "telemetry nextjs org", "Next.js" }, -- nextjs.org/telemetry
  { "telemetry vercel com", "Turborepo" }, -- turborepo.com/docs/telemetry
  { "telemetry nuxt com", "Nuxt" }, -- github.com/nuxt/telemetry
  { "telemetry nuxtjs com", "Nuxt" }, -- github.com/nuxt/telemetry
  { "telemetry astro build", "Astro" }, -- astro.build/telemetry
  { "analytics gatsbyjs com", "Gatsby" }, -- www.gatsbyjs.com/docs/telemetry
  { "storybook js org / event-log", "Storybook" }, -- storybook.js.org/docs/configure/telemetry
  { "checkpoint prisma io", "Prisma" }, -- www.prisma.io/docs
  { "checkpoint-api hashicorp com", "HashiCorp Checkpoint" }, -- checkpoint.hashicorp.com
  { "sparrow cloudflare com", "Cloudflare Wrangler" }, -- github.com/cloudflare/workers-sdk
  { "rover apollo dev / telemetry", "Apollo Rover" }, -- www.apollographql.com/docs/rover/privacy
  { "telemetry hasura io", "Hasura" }, -- hasura.io/docs
  { "telemetry meilisearch com", "Meilisearch" }, -- www.meilisearch.com/docs/learn/what_is_meilisearch/telemetry
  { "telemetry n8n io", "n8n" }, -- docs.n8n.io
  { "telemetry dagster io", "Dagster" }, -- docs.dagster.io
  { "analytics dvc org", "DVC" }, -- dvc.org/doc/user-guide/analytics
  { "cdp expo dev", "Expo" }, -- docs.expo.dev
  { "aws-serverless-tools-telemetry us-west-2 amazonaws com", "AWS SAM" }, -- docs.aws.amazon.com/serverless-application-model
  { "browser-http-intake logs datadoghq eu", "Yarn" }, -- yarnpkg.com/advanced/telemetry
  { "scarf sh", "Scarf install statistics" }, -- github.com/scarf-sh/scarf-js
  { " scarf sh", "Scarf" }, -- docs.scarf.sh
  { "eu-central-1-1 aws cloud2 influxdata com", "Homebrew analytics" }, -- docs.brew.sh/Analytics

  -- servers and platforms
  { "stats grafana org", "Grafana usage statistics" }, -- grafana.com/docs/grafana/latest/setup-grafana/configure-grafana
  { "usage influxdata com", "InfluxDB" }, -- docs.influxdata.com
  { "usage jenkins io", "Jenkins usage statistics" }, -- www.jenkins.io/doc/book/managing/usage-statistics
  { "uplink jenkins io", "Jenkins telemetry" }, -- www.jenkins.io/doc/book/managing/telemetry
  { "telemetry elastic co", "Elastic" }, -- www.elastic.co/legal/privacy-statement
  { "snowplow trx gitlab net", "GitLab" }, -- docs.gitlab.com
  { "snowplowprd trx gitlab net", "GitLab" }, -- docs.gitlab.com
  { "version gitlab com", "GitLab service ping" }, -- docs.gitlab.com
  { "central github com", "GitHub Desktop usage" }, -- desktop.github.com/usage-data
  { "collector github com", "GitHub" }, -- docs.github.com/site-policy/privacy-policies
  { "pdat matterlytics com", "Mattermost" }, -- docs.mattermost.com
  { "collector rocket chat", "Rocket.Chat" }, -- docs.rocket.chat
  { "surveyserver nextcloud com", "Nextcloud usage survey" }, -- github.com/nextcloud/survey_client
  { "analytics-api home-assistant io", "Home Assistant" }, -- www.home-assistant.io/integrations/analytics
  { "posthog netdata cloud", "Netdata" }, -- learn.netdata.cloud
  { "register cockroachdb com", "CockroachDB" }, -- www.cockroachlabs.com/docs

  -- desktop programs
  { "incoming telemetry mozilla org", "Mozilla" }, -- docs.telemetry.mozilla.org
  { "crash-reports mozilla com", "Mozilla crash reports" }, -- crash-stats.mozilla.org
  { "clients2 google com / cr/report", "Chromium crash reports" }, -- chromium.googlesource.com/crashpad/crashpad
  { "play googleapis com / log", "Google Clearcut" }, -- policies.google.com/privacy
  { "default exp-tas com", "Visual Studio Code experiments" }, -- code.visualstudio.com/docs/configure/telemetry
  { "data syncthing net", "Syncthing usage reports" }, -- docs.syncthing.net/users/faq.html
  { "crash syncthing net", "Syncthing crash reports" }, -- docs.syncthing.net/users/crashrep.html
  { "stats ultimaker com", "Ultimaker Cura" }, -- github.com/Ultimaker/Cura
  { "sentry audacityteam org", "Audacity error reports" }, -- www.audacityteam.org/about/desktop-privacy-notice
  { "cdp cloud unity3d com", "Unity analytics" }, -- unity.com/legal/privacy-policy
  { "config uca cloud unity3d com", "Unity analytics" }, -- unity.com/legal/privacy-policy
  { "datarouter ol epicgames com", "Epic Games" }, -- www.epicgames.com/privacypolicy

  -- services whose libraries are built into products
  { " ingest sentry io", "Sentry" }, -- docs.sentry.io
  { " ingest us sentry io", "Sentry" }, -- docs.sentry.io
  { " ingest de sentry io", "Sentry" }, -- docs.sentry.io
  { "notify bugsnag com", "Bugsnag" }, -- docs.bugsnag.com
  { "sessions bugsnag com", "Bugsnag" }, -- docs.bugsnag.com
  { "api rollbar com", "Rollbar" }, -- docs.rollbar.com
  { "api raygun com", "Raygun" }, -- raygun.com/documentation
  { "api raygun io", "Raygun" }, -- raygun.com/documentation
  { "dc services visualstudio com", "Azure Application Insights" }, -- learn.microsoft.com/azure/azure-monitor
  { " in applicationinsights azure com", "Azure Application Insights" }, -- learn.microsoft.com/azure/azure-monitor
  { "in appcenter ms", "Visual Studio App Center" }, -- learn.microsoft.com/appcenter
  { " google-analytics com", "Google Analytics" }, -- developers.google.com/analytics
  { "analytics google com", "Google Analytics" }, -- developers.google.com/analytics
  { "stats g doubleclick net", "Google Analytics" }, -- developers.google.com/analytics
  { "www googletagmanager com", "Google Tag Manager" }, -- developers.google.com/tag-platform
  { "app-measurement com", "Google Analytics for Firebase" }, -- firebase.google.com/docs/analytics
  { " app-measurement com", "Google Analytics for Firebase" }, -- firebase.google.com/docs/analytics
  { "firebaselogging-pa googleapis com", "Firebase" }, -- firebase.google.com/support/privacy
  { "firebaselogging googleapis com", "Firebase" }, -- firebase.google.com/support/privacy
  { "crashlyticsreports-pa googleapis com", "Firebase Crashlytics" }, -- firebase.google.com/docs/crashlytics
  { "firebase-settings crashlytics com", "Firebase Crashlytics" }, -- firebase.google.com/docs/crashlytics
  { "api segment io", "Segment" }, -- segment.com/docs
  { "cdn segment com", "Segment" }, -- segment.com/docs
  { "api mixpanel com", "Mixpanel" }, -- docs.mixpanel.com
  { "api-js mixpanel com", "Mixpanel" }, -- docs.mixpanel.com
  { "api-eu mixpanel com", "Mixpanel" }, -- docs.mixpanel.com
  { "api amplitude com", "Amplitude" }, -- amplitude.com/docs
  { "api2 amplitude com", "Amplitude" }, -- amplitude.com/docs
  { "api eu amplitude com", "Amplitude" }, -- amplitude.com/docs
  { "app posthog com", "PostHog" }, -- posthog.com/docs
  { "eu posthog com", "PostHog" }, -- posthog.com/docs
  { " i posthog com", "PostHog" }, -- posthog.com/docs
  { "heapanalytics com", "Heap" }, -- developers.heap.io
  { " heapanalytics com", "Heap" }, -- developers.heap.io
  { " matomo cloud", "Matomo Cloud" }, -- developer.matomo.org
  { "plausible io", "Plausible" }, -- plausible.io/docs
  { "cloud umami is", "Umami" }, -- umami.is/docs
  { "static cloudflareinsights com", "Cloudflare Web Analytics" }, -- developers.cloudflare.com/web-analytics
  { "static hotjar com", "Hotjar" }, -- help.hotjar.com
  { "script hotjar com", "Hotjar" }, -- help.hotjar.com
  { "www clarity ms", "Microsoft Clarity" }, -- learn.microsoft.com/clarity
  { " fullstory com", "FullStory" }, -- developer.fullstory.com
  { " lr-ingest io", "LogRocket" }, -- docs.logrocket.com
  { " lr-in com", "LogRocket" }, -- docs.logrocket.com
  { " browser-intake-datadoghq com", "Datadog RUM" }, -- docs.datadoghq.com
  { " browser-intake-datadoghq eu", "Datadog RUM" }, -- docs.datadoghq.com
  { "http-intake logs datadoghq com", "Datadog Logs" }, -- docs.datadoghq.com
  { " nr-data net", "New Relic" }, -- docs.newrelic.com
  { "js-agent newrelic com", "New Relic" }, -- docs.newrelic.com
  { "api honeycomb io", "Honeycomb" }, -- docs.honeycomb.io
  { "events statsigapi net", "Statsig" }, -- docs.statsig.com
  { "statsigapi net", "Statsig" }, -- docs.statsig.com
  { "events launchdarkly com", "LaunchDarkly" }, -- launchdarkly.com/docs
  { "mobile launchdarkly com", "LaunchDarkly" }, -- launchdarkly.com/docs
  { "events appsflyer com", "AppsFlyer" }, -- dev.appsflyer.com
  { "app adjust com", "Adjust" }, -- dev.adjust.com
  { "api2 branch io", "Branch" }, -- help.branch.io
  { "data flurry com", "Flurry" }, -- developer.yahoo.com/flurry
}
