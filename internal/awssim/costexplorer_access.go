package awssim

import (
	"fmt"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const (
	billingAccessDoc = "https://docs.aws.amazon.com/IAM/latest/UserGuide/tutorial_billing.html"
	costEnableDoc    = "https://docs.aws.amazon.com/cost-management/latest/userguide/ce-enable.html"
	govBillingDoc    = "https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-differences.html"
)

// currencies are what a partition is billed in.
var currencies = map[string]string{"aws": "USD", "aws-cn": "CNY", "aws-us-gov": "USD"}

// costRegions are where Cost Explorer, Cost Anomaly Detection and the billing metric live.
// https://docs.aws.amazon.com/general/latest/gr/billing.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html
var costRegions = map[string]string{"aws": "us-east-1", "aws-cn": "cn-northwest-1"}

// seesBilling refuses what IAM users and roles may not do before the root user has
// activated IAM access to billing; policies do not help.
func (a *Account) seesBilling(p policyeval.Principal, action string) error {
	if !a.Settings.BillingHidden || p.Root || p.Service != "" {
		return nil
	}
	return refuse("AccessDeniedException", fmt.Sprintf("%s is not authorized to perform: %s: IAM access to Billing and Cost Management is not activated for account %s. "+
		"The root user activates it on the Account page", requester(p), action, a.ID), billingAccessDoc)
}

// seesCosts is seesBilling for Cost Explorer, which has words of its own, and refuses
// while Cost Explorer has not been opened for the first time.
func (a *Account) seesCosts(p policyeval.Principal) error {
	if a.Settings.BillingHidden && !p.Root {
		return refuse("AccessDeniedException", "User not enabled for cost explorer access", billingAccessDoc)
	}
	if a.Settings.CostExplorerOff {
		return refuse("DataUnavailableException", "Data is not available. Please try to adjust the time period. If just enabled Cost Explorer, data might not be ingested yet", costEnableDoc)
	}
	return nil
}

// mayBudget decides about the caller's request to AWS Budgets.
func (c *call) mayBudget(action, arn string) error {
	if err := c.partitionLacks("AWS Budgets", govBillingDoc, "aws-us-gov"); err != nil {
		return err
	}
	if err := c.may(action, arn); err != nil {
		return err
	}
	return c.seesBilling(c.Caller, action)
}

// mayCost decides about the caller's request to Cost Explorer.
func (c *call) mayCost(action, arn string) error {
	if err := c.partitionLacks("AWS Cost Explorer", govBillingDoc, "aws-us-gov"); err != nil {
		return err
	}
	if err := c.may(action, arn); err != nil {
		return err
	}
	return c.seesCosts(c.Caller)
}
