package awssim

import (
	"bytes"
	"encoding/json"
)

// storedPolicies are all policies of the account that can name a principal.
func (a *Account) storedPolicies() []*string {
	var all []*string
	for _, r := range a.IAM.Roles {
		all = append(all, &r.TrustPolicy)
	}
	for _, b := range a.S3.Buckets {
		all = append(all, &b.Policy)
	}
	for _, k := range a.KMS.Keys {
		all = append(all, &k.Policy)
	}
	for _, t := range a.SNS.Topics {
		all = append(all, &t.Policy)
	}
	for _, q := range a.SQS.Queues {
		all = append(all, &q.Policy)
	}
	for _, b := range a.Events.Buses {
		all = append(all, &b.Policy)
	}
	return all
}

// forget replaces a deleted role or user in all stored policies by its unique id, as
// IAM does: the policy stays valid, matches nobody, and cannot be put again as it is.
// Somebody who is made anew under the same name does not get the old rights.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (a *Account) forget(arn, uniqueID string) {
	for _, policy := range a.storedPolicies() {
		var document any
		if json.Unmarshal([]byte(*policy), &document) != nil || !replacePrincipal(document, arn, uniqueID) {
			continue
		}
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		if encoder.Encode(document) == nil {
			*policy = string(bytes.TrimSpace(text.Bytes()))
		}
	}
}

// replacePrincipal replaces a principal in a decoded policy and tells whether it did.
func replacePrincipal(v any, arn, uniqueID string) bool {
	replaced := false
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			replaced = replacePrincipal(e, arn, uniqueID) || replaced
		}
	case map[string]any:
		for _, element := range []string{"Principal", "NotPrincipal"} {
			if named, ok := v[element].(map[string]any); ok {
				replaced = replaceNamed(named, arn, uniqueID) || replaced
			}
		}
		if statements, ok := v["Statement"]; ok {
			replaced = replacePrincipal(statements, arn, uniqueID) || replaced
		}
	}
	return replaced
}

func replaceNamed(named map[string]any, arn, uniqueID string) bool {
	switch aws := named["AWS"].(type) {
	case string:
		if aws == arn {
			named["AWS"] = uniqueID
			return true
		}
	case []any:
		replaced := false
		for i, e := range aws {
			if e == arn {
				aws[i], replaced = uniqueID, true
			}
		}
		return replaced
	}
	return false
}
