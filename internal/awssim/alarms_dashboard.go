package awssim

import (
	"fmt"
	"regexp"
)

// dashboard is a CloudWatch dashboard; it belongs to no Region.
type dashboard struct {
	ARN, Name  string
	Properties props
}

const alarmsDashboardDoc = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html"

var alarmsDashboard = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)

func checkDashboard(_ *call, in props) error {
	if name := str(in, "dashboardName"); name != "" && !alarmsDashboard.MatchString(name) {
		return refuse("InvalidParameterValue", fmt.Sprintf("dashboardName: %q: 1 to 255 letters, digits, hyphens and underscores", name), alarmsDashboardDoc)
	}
	if body := str(in, "dashboardBody"); body != "" {
		document, ok := decodeObject(body)
		if !ok {
			return refuse("InvalidParameterInput", "The dashboard body is invalid: it is not a JSON object", alarmsDashboardDoc)
		}
		if _, ok := document["widgets"].([]any); !ok {
			return refuse("InvalidParameterInput", "The dashboard body is invalid: widgets, a list, is missing", alarmsDashboardDoc)
		}
	}
	return nil
}

func createDashboard(c *call, in props) (string, props, error) {
	name := str(in, "dashboardName")
	d := &dashboard{ARN: c.arn("cloudwatch", "", c.ID, "dashboard/"+name), Name: name}
	if err := c.may("cloudwatch:PutDashboard", d.ARN); err != nil {
		return "", nil, err
	}
	d.Properties = stored(in)
	c.Alarms.Dashboards.put(d.ARN, d)
	return name, props{"dashboardArn": d.ARN}, nil
}

func readDashboard(c *call, id string, _ props) (props, error) {
	d, ok := c.Alarms.Dashboards[c.arn("cloudwatch", "", c.ID, "dashboard/"+id)]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("cloudwatch:GetDashboard", d.ARN); err != nil {
		return nil, err
	}
	return withDefaults(d.Properties, props{"dashboardArn": d.ARN}), nil
}

func updateDashboard(c *call, id string, _, in props) (props, error) {
	d, ok := c.Alarms.Dashboards[c.arn("cloudwatch", "", c.ID, "dashboard/"+id)]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("cloudwatch:PutDashboard", d.ARN); err != nil {
		return nil, err
	}
	d.Properties = stored(in)
	return props{"dashboardArn": d.ARN}, nil
}

func deleteDashboard(c *call, id string, _ props) error {
	d, ok := c.Alarms.Dashboards[c.arn("cloudwatch", "", c.ID, "dashboard/"+id)]
	if !ok {
		return errNotFound
	}
	if err := c.may("cloudwatch:DeleteDashboards", d.ARN); err != nil {
		return err
	}
	delete(c.Alarms.Dashboards, d.ARN)
	return nil
}
