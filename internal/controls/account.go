package controls

import (
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// password holds when the account's password policy lacks nothing.
func password(what string, lack func(r declared.Resource) string) check {
	return check{what, func(d *declaration) ([]string, string) {
		return d.some(passwordType, "password policy", lack)
	}}
}

func atLeast(r declared.Resource, path string, least float64, lack string) string {
	n, _ := number(r, path)
	return unless(n >= least, lack, n)
}

var (
	passwordLength = password("passwords have 14 characters", func(r declared.Resource) string {
		return atLeast(r, "minimumPasswordLength", 14, "takes passwords of %g characters")
	})
	passwordReuse = password("24 passwords are remembered", func(r declared.Resource) string {
		return atLeast(r, "passwordReusePrevention", 24, "remembers %g passwords")
	})
	passwordAge = password("passwords expire after 90 days", func(r declared.Resource) string {
		days, given := number(r, "maxPasswordAge")
		return unless(given && days > 0 && days <= 90, "lets passwords live longer")
	})
	passwordUppercase = password("passwords need an upper-case letter", passwordClass("requireUppercaseCharacters"))
	passwordLowercase = password("passwords need a lower-case letter", passwordClass("requireLowercaseCharacters"))
	passwordNumbers   = password("passwords need a digit", passwordClass("requireNumbers"))
	passwordSymbols   = password("passwords need a symbol", passwordClass("requireSymbols"))

	accountBlocksPublic = check{"the account blocks public access to S3", func(d *declaration) ([]string, string) {
		return d.some(accountBlockType, "block of the account's public access", fourBlocks)
	}}
	ebsEncrypted = check{"new EBS volumes are encrypted", func(d *declaration) ([]string, string) {
		return d.everywhere(ebsEncryptionType, "encryption by default of EBS", func(r declared.Resource) string {
			return unless(!off(r, "enabled"), "is off")
		})
	}}
	snapshotsBlocked = check{"no EBS snapshot is public", func(d *declaration) ([]string, string) {
		return d.everywhere(snapshotBlockType, "block of public snapshots", func(r declared.Resource) string {
			return unless(text(r, "state") == "block-all-sharing", "is %s", text(r, "state"))
		})
	}}
	imagesBlocked = check{"no AMI becomes public", func(d *declaration) ([]string, string) {
		return d.everywhere(imageBlockType, "block of public AMIs", func(r declared.Resource) string {
			return unless(text(r, "state") == "block-new-sharing", "is %s", text(r, "state"))
		})
	}}
	metadataV2 = check{"new instances take IMDSv2 only", func(d *declaration) ([]string, string) {
		return d.everywhere(metadataType, "default of instance metadata", func(r declared.Resource) string {
			return unless(text(r, "httpTokens") == "required", "takes IMDSv1")
		})
	}}
	serialConsoleOff = check{"the serial console is off", func(d *declaration) ([]string, string) {
		return d.everywhere(serialConsoleType, "switch of the serial console", func(r declared.Resource) string {
			return unless(off(r, "enabled"), "is on")
		})
	}}
	defaultGroupsEmpty = check{"default security groups are empty", func(d *declaration) ([]string, string) {
		return d.everywhere(defaultGroupType, "default security group", func(r declared.Resource) string {
			return unless(len(list(at(r.Inputs, "ingress")))+len(list(at(r.Inputs, "egress"))) == 0, "has rules")
		})
	}}
	supportRole = check{"a role opens cases with AWS Support", func(d *declaration) ([]string, string) {
		for _, r := range d.byType[roleAttachment] {
			if strings.HasSuffix(text(r, "policyArn"), "/AWSSupportAccess") {
				return []string{place(r)}, ""
			}
		}
		return nil, "no role with AWSSupportAccess is declared"
	}}
	securityContact   = contact("SECURITY")
	billingContact    = contact("BILLING")
	operationsContact = contact("OPERATIONS")
)

func passwordClass(path string) func(declared.Resource) string {
	return func(r declared.Resource) string { return unless(is(r, path), "has no %s", path) }
}

func contact(kind string) check {
	return check{"the account has a contact of type " + kind, func(d *declaration) ([]string, string) {
		for _, r := range d.byType[contactType] {
			if text(r, "alternateContactType") == kind {
				return []string{place(r)}, unless(text(r, "emailAddress") != "", "%s has no address", place(r))
			}
		}
		return nil, "no contact of type " + kind + " is declared"
	}}
}

var (
	monthlyBudget = check{"a budget of the month's costs tells somebody", func(d *declaration) ([]string, string) {
		return d.some(budgetType, "budget", func(r declared.Resource) string {
			if len(list(at(r.Inputs, "costFilters"))) > 0 {
				return "counts some services only"
			}
			return budgetLack(d, r)
		})
	}}
	budgetsTell = check{"every budget counts costs and tells somebody", func(d *declaration) ([]string, string) {
		return d.every(budgetType, "budget", func(r declared.Resource) string { return budgetLack(d, r) })
	}}
	anomaliesWatched = check{"unusual costs tell somebody", func(d *declaration) ([]string, string) {
		return d.some(anomalyType, "subscription to unusual costs", func(r declared.Resource) string {
			watches := len(texts(at(r.Inputs, "monitorArnLists"))) > 0
			told := slices.ContainsFunc(list(at(r.Inputs, "subscribers")), func(s any) bool {
				address, _ := at(s, "address").(string)
				return at(s, "type") == "EMAIL" && strings.Contains(address, "@") || at(s, "type") == "SNS" && heardAt(d, address, r.Region)
			})
			return unless(watches && told, "watches nothing or tells nobody")
		})
	}}
	chargesWatched = check{"an alarm watches the estimated charges", func(d *declaration) ([]string, string) {
		lack := "no alarm on the estimated charges is declared"
		for _, r := range d.byType[alarmType] {
			if text(r, "metricName") != "EstimatedCharges" || text(r, "namespace") != "AWS/Billing" {
				continue
			}
			if lack = rings(d, r); !chargesGrow(r) {
				lack = "does not ring when the charges grow"
			}
			if text(r, "dimensions.Currency") != "USD" {
				lack = "asks for charges in a currency that AWS has no metric of"
			}
			if lack == "" {
				return []string{place(r)}, ""
			}
			lack = place(r) + " " + lack
		}
		return nil, lack
	}}
)

func chargesGrow(alarm declared.Resource) bool {
	periods, _ := number(alarm, "evaluationPeriods")
	return strings.HasPrefix(text(alarm, "comparisonOperator"), "GreaterThan") && text(alarm, "statistic") == "Maximum" && periods == 1
}

func budgetLack(d *declaration, r declared.Resource) string {
	switch {
	case text(r, "budgetType") != "COST":
		return "counts no costs"
	case text(r, "timeUnit") != "MONTHLY":
		return "does not count by the month"
	}
	for _, n := range list(at(r.Inputs, "notifications")) {
		heard := len(texts(at(n, "subscriberEmailAddresses"))) > 0 || slices.ContainsFunc(texts(at(n, "subscriberSnsTopicArns")), func(arn string) bool {
			return heardAt(d, arn, r.Region)
		})
		if heard && at(n, "comparisonOperator") == "GREATER_THAN" {
			return ""
		}
	}
	return "tells nobody of what is above its limit"
}
