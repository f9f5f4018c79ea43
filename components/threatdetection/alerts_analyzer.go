package threatdetection

import "github.com/seed-8894d46d/account-baseline/components/alerthub"

// analyzerAlerts tell of active findings of IAM Access Analyzer
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html).
var analyzerAlerts = []alert{{
	name: "external-access", severity: alerthub.Warning, wanted: analyzerWanted,
	pattern: func(b *builder) map[string]any { return externalAccess(b, readable()) },
	details: append([]alerthub.Detail{{Name: "resource", Label: "Resource", Path: "$.detail.resource"}}, accessDetails...), link: analyzerLink,
	title:    "Open to others: {resource}",
	headline: "Something is open to others",
	what:     "IAM Access Analyzer found that {kind} {resource} in {region} can be reached from outside the account (public: {public}).",
	next:     "Open the finding. If nobody meant to share it, remove the principal from the policy; if it is meant to be so, archive the finding or add an archive rule.",
	query:    "who-changed-this-resource",
}, {
	name: "external-access-quoted", severity: alerthub.Warning, wanted: analyzerWanted,
	pattern: func(b *builder) map[string]any { return externalAccess(b, quoted()) },
	details: accessDetails, link: analyzerLink,
	title:    "Open to others: {kind} in {region}",
	headline: "Something is open to others",
	what:     "IAM Access Analyzer found something that can be reached from outside the account (public: {public}); its name holds a quotation mark or a backslash and cannot be shown here.",
	next:     "Open the finding. Nobody gives a resource such a name by accident: find out who made it.",
}, {
	name: "unused-access", severity: alerthub.Informational,
	wanted: func(b *builder) bool { return analyzerWanted(b) && b.args.AccessAnalyzer.UnusedAccess },
	pattern: func(b *builder) map[string]any {
		return map[string]any{
			"source":      []string{"aws.access-analyzer"},
			"detail-type": []string{"Unused Access Finding for IAM entities"},
			"detail":      map[string]any{"status": []string{"ACTIVE"}, "isDeleted": []bool{false}},
		}
	},
	details: []alerthub.Detail{
		{Name: "kind", Label: "Kind", Path: "$.detail.resourceType"},
		{Name: "finding", Label: "Finding", Path: "$.detail.findingType"},
		{Name: "account", Label: "Account", Path: "$.account"},
		{Name: "region", Label: "Region", Path: "$.region"},
		{Name: "time", Label: "Updated", Path: "$.detail.updatedAt"},
		{Name: "id", Path: "$.detail.id"},
		{Name: "resource", Label: "Resource", Path: "$.detail.resource", Untrusted: true},
	},
	link:     analyzerLink,
	title:    "Unused access: {kind}",
	headline: "Access is not used",
	what:     "IAM Access Analyzer found that nobody used what {kind} may do ({finding}).",
	next:     "Open the finding, which names the role or user, and remove what it does not need.",
}}

func analyzerWanted(b *builder) bool { return !b.args.AccessAnalyzer.Omit }

// externalAccess tells of IAM from the home Region only: every Region's analyzer finds the same in it. It goes by the Region
// of the event, because which one a finding about IAM names is not documented.
func externalAccess(b *builder, resource []any) map[string]any {
	return map[string]any{
		"source":      []string{"aws.access-analyzer"},
		"detail-type": []string{"Access Analyzer Finding"},
		"detail": map[string]any{
			"status": []string{"ACTIVE"}, "isDeleted": []bool{false}, "resource": resource,
		},
		"$or": []any{
			map[string]any{"region": []string{b.at.home}},
			map[string]any{"detail": map[string]any{"resourceType": []any{map[string]any{"anything-but": map[string]any{"prefix": "AWS::IAM::"}}}}},
		},
	}
}

const analyzerLink = "https://{console}/access-analyzer/home?region={region}#/findings/details/{id}"

// accessDetails are the values of a finding of external access. The principal is what the author of a policy wrote.
var accessDetails = []alerthub.Detail{
	{Name: "kind", Label: "Kind", Path: "$.detail.resourceType"},
	{Name: "public", Label: "Public", Path: "$.detail.isPublic"},
	{Name: "account", Label: "Account", Path: "$.account"},
	{Name: "region", Label: "Region", Path: "$.region"},
	{Name: "time", Label: "Updated", Path: "$.detail.updatedAt"},
	{Name: "id", Path: "$.detail.id"},
	{Name: "principal", Label: "Open to", Path: "$.detail.principal.AWS", Untrusted: true},
}
