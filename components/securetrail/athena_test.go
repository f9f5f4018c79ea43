package securetrail

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

func TestProjectionHasEveryRegionOfThePartition(t *testing.T) {
	for _, p := range partition.All() {
		var want []string
		for _, region := range p.Regions() {
			want = append(want, region.Name)
		}
		projected := location{partitions: []string{regionPartition, datePartition}}.projection(p.ID)
		assert.Equal(t, want, strings.Split(projected["projection.region.values"], ","), p.ID)
	}
}

func TestNamesOfQueriesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, query := range namedQueries {
		assert.False(t, seen[query.name], query.name)
		seen[query.name] = true
	}
}
