package threatdetection

import "github.com/seed-8894d46d/account-baseline/components/alerthub"

// scannerAlerts tell of the gravest findings of Inspector and Macie.
var scannerAlerts = []alert{{
	// https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
	name: "inspector", severity: alerthub.Warning,
	wanted: func(b *builder) bool { return len(b.at.inspector) > 0 },
	pattern: func(*builder) map[string]any {
		return map[string]any{
			"source":      []string{"aws.inspector2"},
			"detail-type": []string{"Inspector2 Finding"},
			"detail":      map[string]any{"severity": []string{"CRITICAL"}, "status": []string{"ACTIVE"}},
		}
	},
	details: []alerthub.Detail{
		{Name: "type", Label: "Type", Path: "$.detail.type"},
		{Name: "vulnerability", Label: "Vulnerability", Path: "$.detail.packageVulnerabilityDetails.vulnerabilityId"},
		{Name: "kind", Label: "Kind", Path: "$.detail.resources[0].type"},
		{Name: "resource", Label: "Resource", Path: "$.detail.resources[0].id"},
		{Name: "exploit", Label: "Exploit known", Path: "$.detail.exploitAvailable"},
		{Name: "fix", Label: "Fix available", Path: "$.detail.fixAvailable"},
		{Name: "account", Label: "Account", Path: "$.account"},
		{Name: "region", Label: "Region", Path: "$.region"},
		{Name: "headline", Label: "Title", Path: "$.detail.title", Untrusted: true},
	},
	link:     "https://{console}/inspector/v2/home?region={region}#/findings/all",
	title:    "Critical vulnerability {vulnerability} in {region}",
	headline: "Inspector found a critical vulnerability",
	what:     "Amazon Inspector found {type} {vulnerability} in {kind} {resource}.",
	next:     "Open Inspector: it names the package and the version that repairs it. Update it, or suppress the finding if it cannot be reached.",
}, {
	// https://docs.aws.amazon.com/macie/latest/user/findings-publish-event-schemas.html
	name: "macie", severity: alerthub.Warning,
	wanted: func(b *builder) bool { return len(b.at.macie) > 0 },
	pattern: func(*builder) map[string]any {
		return map[string]any{
			"source":      []string{"aws.macie"},
			"detail-type": []string{"Macie Finding"},
			"detail":      map[string]any{"severity": map[string]any{"description": []string{"High"}}, "archived": []bool{false}},
		}
	},
	details: []alerthub.Detail{
		{Name: "type", Label: "Type", Path: "$.detail.type"},
		{Name: "bucket", Label: "Bucket", Path: "$.detail.resourcesAffected.s3Bucket.name"},
		{Name: "account", Label: "Account", Path: "$.account"},
		{Name: "region", Label: "Region", Path: "$.region"},
		{Name: "time", Label: "Updated", Path: "$.detail.updatedAt"},
		{Name: "id", Path: "$.detail.id"},
		{Name: "object", Label: "Object", Path: "$.detail.resourcesAffected.s3Object.key", Untrusted: true},
	},
	link:     "https://{console}/macie/home?region={region}#findings?macros=current&itemId={id}",
	title:    "Macie: {type} in {bucket}",
	headline: "Macie found something",
	what:     "Amazon Macie found {type} in the bucket {bucket}, or in how it is set up.",
	next:     "Open the finding. If the bucket is open or unencrypted, close it; if it holds data that does not belong there, move them.",
}}
