package securetrail

// Silent is something that goes silent without a trail.
type Silent struct {
	What string // the alert, rule or control
	Why  string
}

// SilentWithout is everything of the baseline that goes silent when there is no trail. EventBridge receives API calls and
// sign-ins only while a trail logs them
// (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html).
var SilentWithout = []Silent{
	{"alert: CloudTrail stopped, changed or deleted", "API calls reach EventBridge through a trail only"},
	{"alerts on root use and console sign-in", "sign-ins reach EventBridge through a trail only"},
	{"alerts on changes of archives, keys, access keys, policies and security groups", "API calls reach EventBridge through a trail only"},
	{"CIS metric filters and alarms (CIS v5.0 4.1–4.15)", "they read the trail's log group"},
	{"queries over the history of API calls (Athena)", "they read the trail's archive"},
	{"rule multi-region-cloudtrail-enabled, cloudtrail-enabled", "they report non-compliance"},
	{"controls CIS v5.0 3.1, 3.2, 3.4, 3.5, 3.8, 3.9; FSBP CloudTrail.1, .2, .4, .5; SSB ACCT.07, WKLD.07", "they require a trail"},
	{"evidence older than the 90 days of event history", "it is kept by the trail's archive only"},
}
