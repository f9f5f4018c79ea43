package awssim

import (
	"fmt"
	"slices"
	"strings"
)

// inspectorState is what Amazon Inspector keeps.
type inspectorState struct {
	Enabled table[[]string] // types of resources that are scanned, sorted, by Region
}

const (
	inspectorAPI      = "https://docs.aws.amazon.com/inspector/v2/APIReference/API_"
	inspectorService  = "inspector2.amazonaws.com"
	agentlessService  = "agentless.inspector2.amazonaws.com"
	lambdaScan        = "LAMBDA"
	lambdaCodeScan    = "LAMBDA_CODE"
	lambdaCodeDoc     = "https://docs.aws.amazon.com/inspector/latest/user/scanning-lambda.html"
	lambdaCodeRegions = "https://docs.aws.amazon.com/config/latest/developerguide/inspector-lambda-code-scan-enabled.html"
)

var inspectorScans = []string{"EC2", "ECR", lambdaScan, lambdaCodeScan}

// lambdaCodeIn are the Regions where Inspector scans the code of Lambda functions.
// https://docs.aws.amazon.com/config/latest/developerguide/inspector-lambda-code-scan-enabled.html
var lambdaCodeIn = []string{
	"ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "us-east-1", "us-east-2", "us-west-2",
}

var inspectorTypes = map[string]resourceType{
	"aws:inspector2/enabler:Enabler": {
		check: checkEnabler, create: createEnabler, read: readEnabler, update: updateEnabler, delete: deleteEnabler,
	},
}

func checkEnabler(c *call, in props) error {
	for i, account := range strs(in, "accountIds") {
		if !accountIDPattern.MatchString(account) {
			return refuse("ValidationException", fmt.Sprintf("accountIds[%d]: %q is not the id of an account", i, account), inspectorAPI+"Enable.html")
		}
	}
	if accounts := strs(in, "accountIds"); len(accounts) > 1 && slices.Contains(accounts, c.ID) {
		return refuse("ValidationException", "accountIds: either the administrator's account or member accounts are allowed", inspectorAPI+"Enable.html")
	}
	scans := strs(in, "resourceTypes")
	for i, scan := range scans {
		if !slices.Contains(inspectorScans, scan) {
			return refuse("ValidationException", fmt.Sprintf("resourceTypes[%d]: %q; allowed are %s", i, scan, strings.Join(inspectorScans, ", ")), inspectorAPI+"Enable.html")
		}
	}
	if slices.Contains(scans, lambdaCodeScan) {
		switch {
		case !slices.Contains(scans, lambdaScan) && !hasUnknown(in["resourceTypes"]):
			return refuse("ValidationException", lambdaCodeScan+" needs "+lambdaScan, lambdaCodeDoc)
		case !slices.Contains(lambdaCodeIn, c.Region):
			return refuse("ValidationException", fmt.Sprintf("%s is not available in %s", lambdaCodeScan, c.Region), lambdaCodeRegions)
		}
	}
	return nil
}

// enableScans has exactly these types of resources scanned: the provider switches the
// others off.
func (c *call) enableScans(in props) error {
	if err := c.may("inspector2:Enable", "*"); err != nil {
		return err
	}
	for _, account := range strs(in, "accountIds") {
		if account != c.ID {
			return refuse("ACCESS_DENIED", fmt.Sprintf("Account %s is no member account that %s administers in Amazon Inspector", account, c.ID), inspectorAPI+"FailedAccount.html")
		}
	}
	scans := strs(in, "resourceTypes")
	slices.Sort(scans)
	scans = slices.Compact(scans)
	if old := c.Inspector.Enabled[c.Region]; old != nil {
		for _, scan := range *old {
			if !slices.Contains(scans, scan) {
				if err := c.may("inspector2:Disable", "*"); err != nil {
					return err
				}
			}
		}
	}
	for _, service := range []string{inspectorService, agentlessService} {
		if err := c.useLinkedRole(service); err != nil {
			return err
		}
	}
	c.Inspector.Enabled.put(c.Region, &scans)
	return nil
}

func createEnabler(c *call, in props) (string, props, error) {
	if err := c.enableScans(in); err != nil {
		return "", nil, err
	}
	return c.ID + "-" + strings.Join(*c.Inspector.Enabled[c.Region], ":"), props{}, nil
}

// readEnabler reports the types in the order of the program: they are a set.
func readEnabler(c *call, id string, state props) (props, error) {
	accounts, _, _ := strings.Cut(id, "-")
	scans := c.Inspector.Enabled[c.Region]
	if scans == nil || accounts != c.ID {
		return nil, errNotFound
	}
	var ordered []string
	for _, scan := range append(strs(state, "resourceTypes"), *scans...) {
		if slices.Contains(*scans, scan) && !slices.Contains(ordered, scan) {
			ordered = append(ordered, scan)
		}
	}
	return props{"accountIds": []any{c.ID}, "resourceTypes": ordered}, c.may("inspector2:BatchGetAccountStatus", "*")
}

func updateEnabler(c *call, _ string, _, in props) (props, error) { return props{}, c.enableScans(in) }

func deleteEnabler(c *call, _ string, _ props) error {
	if c.Inspector.Enabled[c.Region] == nil {
		return errNotFound
	}
	if err := c.may("inspector2:Disable", "*"); err != nil {
		return err
	}
	delete(c.Inspector.Enabled, c.Region)
	return nil
}
