namespace Pipeline.Commands;

/// <summary>How many letters two names are apart, to guess what a typing error meant.</summary>
internal static class EditDistance
{
    public static int Between(string left, string right)
    {
        var costs = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = costs[0];
            costs[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]);
                (diagonal, costs[j]) = (costs[j], Math.Min(Math.Min(costs[j], costs[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return costs[^1];
    }
}
