package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

func TestConformancePacks(t *testing.T) {
	const template = "Parameters:\n  Days:\n    Type: String\nResources:\n  Keys:\n    Type: AWS::Config::ConfigRule\n"
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		covered := regionsOf(o.Partition)
		d := coverConfig(t, o, covered, configbaseline.ConfigBaselineArgs{ConformancePacks: []configbaseline.ConformancePack{
			{Name: "cis", Template: "s3://templates/cis.yaml", Regions: covered[:2]},
			{Name: "Own", Template: template, Parameters: map[string]string{"Days": "60", "Age": "90"}},
		}})
		assert.Len(t, d.ByType(configPackType), 3)
		for _, region := range covered[:2] {
			pack := d.One(configPackType, "config-pack-cis-"+region)
			assert.Equal(t, region, pack.Region)
			assert.Equal(t, configPrefix+"-cis", pack.String("name"))
			assert.Equal(t, "s3://templates/cis.yaml", pack.String("templateS3Uri"))
			assert.Nil(t, pack.Get("templateBody"))
			assert.Nil(t, pack.Get("inputParameters"))
			assert.Contains(t, pack.Dependencies, d.One(configStatusType, "config-status-"+region).URN, "AWS Config refuses a pack where nothing records")
		}
		own := d.One(configPackType, "config-pack-Own-"+covered[0])
		assert.Equal(t, template, own.String("templateBody"))
		assert.Nil(t, own.Get("templateS3Uri"))
		assert.Equal(t, []any{
			map[string]any{"parameterName": "Age", "parameterValue": "90"}, map[string]any{"parameterName": "Days", "parameterValue": "60"},
		}, own.Get("inputParameters"))
	})
}

// TestTemplatesInJSON are templates too.
func TestTemplatesInJSON(t *testing.T) {
	const template = `{ "Resources": { "Keys": { "Type": "AWS::Config::ConfigRule" } } }`
	d := deployConfig(t, testkit.Options{}, &configbaseline.ConfigBaselineArgs{ConformancePacks: []configbaseline.ConformancePack{{Name: "json", Template: template}}})
	assert.Equal(t, template, d.Only(configPackType).String("templateBody"))
}
