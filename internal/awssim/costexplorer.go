package awssim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// costexplorerState is what Cost Explorer and Cost Anomaly Detection keep; they have no
// Regions.
type costexplorerState struct {
	Monitors      table[anomalyMonitor]      // by ARN
	Subscriptions table[anomalySubscription] // by ARN
	// Tags are the cost allocation tags that appeared in the bill, with their status. A
	// tag appears up to a day after it was first used.
	Tags map[string]string
}

type anomalyMonitor struct {
	ARN        string
	Properties props
}

const (
	costAPI           = "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_"
	anomalyGuide      = "https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html"
	anomalyService    = "costalerts.amazonaws.com"
	anomalyNameMax    = 1024
	customMonitorsMax = 500
)

var costexplorerTypes = map[string]resourceType{
	"aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
		check: checkMonitor, create: createMonitor, read: readMonitor, update: updateMonitor, delete: deleteMonitor,
	},
	"aws:costexplorer/anomalySubscription:AnomalySubscription": {
		check: checkAnomalySubscription, create: createAnomalySubscription, read: readAnomalySubscription,
		update: updateAnomalySubscription, delete: deleteAnomalySubscription,
	},
	"aws:costexplorer/costAllocationTag:CostAllocationTag": {
		check: checkCostTag, create: createCostTag, read: readCostTag, update: updateCostTag, delete: deleteCostTag,
	},
}

func costInvalid(page, format string, args ...any) error {
	return refuse("ValidationException", fmt.Sprintf(format, args...), costAPI+page+".html")
}

func checkMonitor(_ *call, in props) error {
	const page = "AnomalyMonitor"
	if n := utf8.RuneCountInString(str(in, "name")); n > anomalyNameMax {
		return costInvalid(page, "name: %d characters, at most %d are allowed", n, anomalyNameMax)
	}
	if err := oneOf(in, "monitorType", "ValidationException", costAPI+page+".html", "DIMENSIONAL", "CUSTOM"); err != nil {
		return err
	}
	if err := oneOf(in, "monitorDimension", "ValidationException", costAPI+page+".html", "SERVICE", "LINKED_ACCOUNT", "TAG", "COST_CATEGORY"); err != nil {
		return err
	}
	dimension, specification := present(in, "monitorDimension"), present(in, "monitorSpecification")
	switch str(in, "monitorType") {
	case "DIMENSIONAL":
		if !dimension || specification {
			return costInvalid(page, "a DIMENSIONAL monitor has a monitorDimension and no monitorSpecification")
		}
	case "CUSTOM":
		if dimension || !specification {
			return costInvalid(page, "a CUSTOM monitor has a monitorSpecification and no monitorDimension")
		}
	}
	return checkMonitorExpression(str(in, "monitorSpecification"))
}

// checkMonitorExpression: a custom monitor looks at linked accounts, a tag or a cost
// category.
func checkMonitorExpression(text string) error {
	if text == "" {
		return nil
	}
	var expression map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &expression); err != nil {
		return costInvalid("Expression", "monitorSpecification is not a JSON object: %v", err)
	}
	if len(expression) == 0 {
		return costInvalid("Expression", "monitorSpecification is empty")
	}
	for _, key := range sortedKeys(expression) {
		if !slices.Contains([]string{"And", "CostCategories", "Dimensions", "Not", "Or", "Tags"}, key) {
			return costInvalid("Expression", "monitorSpecification: %q is not part of an expression", key)
		}
	}
	return nil
}

func createMonitor(c *call, in props) (string, props, error) {
	if err := c.mayCost("ce:CreateAnomalyMonitor", c.arn("ce", "", c.ID, "anomalymonitor/*")); err != nil {
		return "", nil, err
	}
	kind, dimension := str(in, "monitorType"), str(in, "monitorDimension")
	same := 0
	for _, m := range c.CostExplorer.Monitors {
		if str(m.Properties, "monitorType") == kind && str(m.Properties, "monitorDimension") == dimension {
			same++
		}
	}
	switch {
	case kind == "DIMENSIONAL" && same > 0:
		return "", nil, refuse("ValidationException", "Limit exceeded on dimensional spend monitor creation", anomalyGuide)
	case kind == "CUSTOM" && same >= customMonitorsMax:
		return "", nil, refuse("LimitExceededException", "Limit exceeded on custom spend monitor creation", anomalyGuide)
	}
	m := &anomalyMonitor{ARN: c.arn("ce", "", c.ID, "anomalymonitor/"+c.uuid()), Properties: stored(in)}
	c.CostExplorer.Monitors.put(m.ARN, m)
	return m.ARN, m.props(), nil
}

func (m *anomalyMonitor) props() props { return withDefaults(m.Properties, props{"arn": m.ARN}) }

func readMonitor(c *call, id string, _ props) (props, error) {
	m := c.CostExplorer.Monitors[id]
	if m == nil {
		return nil, errNotFound
	}
	return m.props(), c.mayCost("ce:GetAnomalyMonitors", m.ARN)
}

func updateMonitor(c *call, id string, old, in props) (props, error) {
	m := c.CostExplorer.Monitors[id]
	if m == nil {
		return nil, refuse("UnknownMonitorException", "The monitor "+id+" does not exist.", costAPI+"UpdateAnomalyMonitor.html")
	}
	if err := c.mayCost("ce:UpdateAnomalyMonitor", m.ARN); err != nil {
		return nil, err
	}
	if str(old, "monitorDimension") != str(in, "monitorDimension") {
		return nil, costInvalid("UpdateAnomalyMonitor", "the dimension of a monitor cannot be changed")
	}
	m.Properties = stored(in)
	return m.props(), nil
}

func deleteMonitor(c *call, id string, _ props) error {
	m := c.CostExplorer.Monitors[id]
	if m == nil {
		return errNotFound
	}
	if err := c.mayCost("ce:DeleteAnomalyMonitor", m.ARN); err != nil {
		return err
	}
	delete(c.CostExplorer.Monitors, id)
	return nil
}

func checkCostTag(_ *call, in props) error {
	return oneOf(in, "status", "ValidationException", costAPI+"CostAllocationTagStatusEntry.html", "Active", "Inactive")
}

// setCostTag: only tags that have appeared in the bill can be activated.
// https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
func (c *call) setCostTag(key, status string) (props, error) {
	if err := c.mayCost("ce:UpdateCostAllocationTagsStatus", "*"); err != nil {
		return nil, err
	}
	if _, seen := c.CostExplorer.Tags[key]; !seen {
		return nil, refuse("ValidationException", "Tag keys not found: "+key+". A tag key appears up to 24 hours after it was first used", costAPI+"UpdateCostAllocationTagsStatus.html")
	}
	c.CostExplorer.Tags[key] = status
	return c.costTagProps(key), nil
}

func (c *call) costTagProps(key string) props {
	kind := "UserDefined"
	if strings.HasPrefix(key, "aws:") {
		kind = "AWSGenerated"
	}
	return props{"tagKey": key, "status": c.CostExplorer.Tags[key], "type": kind}
}

func createCostTag(c *call, in props) (string, props, error) {
	out, err := c.setCostTag(str(in, "tagKey"), str(in, "status"))
	return str(in, "tagKey"), out, err
}

func readCostTag(c *call, id string, _ props) (props, error) {
	if _, seen := c.CostExplorer.Tags[id]; !seen {
		return nil, errNotFound
	}
	return c.costTagProps(id), c.mayCost("ce:ListCostAllocationTags", "*")
}

func updateCostTag(c *call, id string, _, in props) (props, error) {
	return c.setCostTag(id, str(in, "status"))
}

// deleteCostTag deactivates the tag; it stays in the bill.
func deleteCostTag(c *call, id string, _ props) error {
	_, err := c.setCostTag(id, "Inactive")
	return err
}
