package threatdetection

import "github.com/seed-8894d46d/account-baseline/components/alerthub"

// Names of routes that are in one Region only where findings are aggregated.
const (
	securityHub       = "security-hub"
	securityHubQuoted = "security-hub-quoted"
)

// securityHubAlerts tell of findings of high and critical severity that no other alert tells. They are warnings, because a
// failed control is a state and no event: Security Hub publishes it again when it is updated, until its workflow status
// is no longer NEW (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html).
var securityHubAlerts = []alert{{
	name: securityHub, severity: alerthub.Warning, wanted: securityHubWanted,
	pattern: func(b *builder) map[string]any { return imported(b, readable()) },
	details: append([]alerthub.Detail{{Name: "resource", Label: "Resource", Path: "$.detail.findings[0].Resources[0].Id"}}, hubDetails...), link: securityHubLink,
	title:    "Security Hub, {level}: {kind} in {findingRegion}",
	headline: "Security Hub has a finding",
	what:     "Security Hub has a new finding of {product} {control} about {kind} {resource} in {findingRegion}.",
	next:     "Open the findings of this severity, read the remediation and follow it. Afterwards, or if the risk is accepted, set the workflow status to resolved or suppressed: it is told again until then.",
}, {
	name: securityHubQuoted, severity: alerthub.Warning, wanted: securityHubWanted,
	pattern: func(b *builder) map[string]any { return imported(b, quoted()) },
	details: hubDetails, link: securityHubLink,
	title:    "Security Hub, {level}: {kind} in {findingRegion}",
	headline: "Security Hub has a finding",
	what:     "Security Hub has a new finding of {product} {control} about {kind}, whose name holds a quotation mark or a backslash and cannot be shown here.",
	next:     "Open the findings of this severity. Nobody gives a resource such a name by accident: find out who made it.",
}}

func securityHubWanted(b *builder) bool { return !b.args.SecurityHub.Omit }

// securityHubScope is the home Region where findings of the others are aggregated to it: they are published there again.
func (b *builder) securityHubScope() alerthub.Scope {
	if b.at.aggregated(b.args.SecurityHub) || len(b.at.hubs) == 1 && b.at.hubs[0] == b.at.home {
		return alerthub.HomeOnly
	}
	return alerthub.EveryRegion
}

// regionalIAMControl wants an analyzer of external access in each Region
// (https://docs.aws.amazon.com/config/latest/developerguide/iam-external-access-analyzer-enabled.html).
const regionalIAMControl = "IAM.28"

// imported leaves out the products whose findings are told by an alert of their own, but for those of Regions whose events
// nobody hears, and controls about IAM from all but the home Region, where they say the same; but for the one that is about
// the Region. An event carries one finding. In which Region an aggregated finding is said to be published, the
// documentation leaves open.
func imported(b *builder, resource []any) map[string]any {
	one := map[string]any{
		"RecordState": []string{"ACTIVE"},
		"Workflow":    map[string]any{"Status": []string{"NEW"}},
		"Severity":    map[string]any{"Label": []string{"CRITICAL", "HIGH"}},
		"Resources":   map[string]any{"Id": resource},
	}
	atHome, elsewhere := map[string]any{"Region": []string{b.at.home}}, map[string]any{"Compliance": map[string]any{"SecurityControlId": []any{
		notThere(), regionalIAMControl, map[string]any{"anything-but": map[string]any{"prefix": "IAM."}},
	}}}
	alternatives := []any{atHome, elsewhere}
	told := []any{map[string]any{"anything-but": map[string]any{"suffix": b.toldElsewhere()}}}
	switch blind := b.blindHubs(); {
	case len(b.toldElsewhere()) == 0:
	case len(blind) == 0:
		one["ProductArn"] = told
	default:
		atHome["ProductArn"], elsewhere["ProductArn"] = told, told
		alternatives = append(alternatives, map[string]any{
			"Region": blind, "Compliance": elsewhere["Compliance"],
			"Resources": map[string]any{"Type": []any{map[string]any{"anything-but": []string{"AwsIamRole"}}}}, // told from the home Region
		})
	}
	if len(b.at.hubs) > 1 {
		one["$or"] = alternatives
	}
	pattern := map[string]any{
		"source":      []string{"aws.securityhub"},
		"detail-type": []string{"Security Hub Findings - Imported"},
		"detail":      map[string]any{"findings": one},
	}
	if b.at.aggregated(b.args.SecurityHub) {
		pattern["region"] = []any{map[string]any{"exists": true}}
	}
	return pattern
}

// blindHubs are the Regions whose findings reach the home Region through Security Hub only, because their events are not
// forwarded.
func (b *builder) blindHubs() (blind []string) {
	if !b.at.aggregated(b.args.SecurityHub) {
		return nil
	}
	for _, region := range b.at.hubs {
		if !b.args.Alerts.Sees(region) {
			blind = append(blind, region)
		}
	}
	return blind
}

// toldElsewhere are the ends of the product ARNs of what sends its findings to Security Hub by itself
// (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-internal-providers.html).
func (b *builder) toldElsewhere() (products []string) {
	for _, product := range []struct {
		name string
		told bool
	}{
		{"guardduty", !b.args.OmitGuardDuty},
		{"access-analyzer", !b.args.AccessAnalyzer.Omit},
		{"health", !b.args.OmitHealth},
		{"inspector", len(b.at.inspector) > 0},
		{"macie", len(b.at.macie) > 0},
	} {
		if product.told {
			products = append(products, "product/aws/"+product.name)
		}
	}
	return products
}

const securityHubLink = "https://{console}/securityhub/home?region={region}#/findings?search=SeverityLabel%3D%255Coperator%255C%253AEQUALS%255C%253A{level}"

// hubDetails are the values of a finding (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html).
// Titles quote: one is about policies that allow everything, which it writes as an asterisk in quotation marks.
var hubDetails = []alerthub.Detail{
	{Name: "level", Label: "Severity", Path: "$.detail.findings[0].Severity.Label"},
	{Name: "product", Label: "Found by", Path: "$.detail.findings[0].ProductName"},
	{Name: "control", Label: "Control", Path: "$.detail.findings[0].Compliance.SecurityControlId"},
	{Name: "kind", Label: "Kind", Path: "$.detail.findings[0].Resources[0].Type"},
	{Name: "account", Label: "Account", Path: "$.detail.findings[0].AwsAccountId"},
	{Name: "findingRegion", Label: "Region", Path: "$.detail.findings[0].Region"},
	{Name: "time", Label: "Updated", Path: "$.detail.findings[0].UpdatedAt"},
	{Name: "region", Path: "$.region"},
	{Name: "headline", Label: "Title", Path: "$.detail.findings[0].Title", Untrusted: true},
}
