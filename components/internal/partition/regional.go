package partition

import "slices"

// beyondDefault are, for features that not every Region has, the Regions that are disabled by default and have them all the
// same. All that are enabled by default have them. A Region is left out where the pages do not agree.
var beyondDefault = map[Feature][]string{
	// https://docs.aws.amazon.com/inspector/latest/user/inspector_regions.html; with scans of functions:
	// https://docs.aws.amazon.com/config/latest/developerguide/inspector-lambda-standard-scan-enabled.html.
	Inspector: {"af-south-1", "ap-east-1", "ap-southeast-3", "eu-central-2", "eu-south-1", "me-south-1"},
	// https://docs.aws.amazon.com/general/latest/gr/macie.html
	Macie: {"af-south-1", "ap-east-1", "eu-south-1", "il-central-1", "me-south-1"},
}

// Has reports whether the Region is known to offer the feature.
func (r Region) Has(f Feature) bool {
	in, known := ByID(r.Partition)
	if !known || !in.Has(f) {
		return false
	}
	among, restricted := beyondDefault[f]
	return !r.OptIn || !restricted || slices.Contains(among, r.Name)
}
