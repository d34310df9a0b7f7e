namespace Pipeline.Sources.Mock;

/// <summary>A stretch of a post's text that means something: a link, a tag or a mention. Positions are bytes of UTF-8, as on the wire.</summary>
internal readonly record struct MockFacet(MockFacetKind Kind, int Start, int End, ulong Hash, byte[]? Tag) : IWireValue
{
    public void WriteTo(WireBuffer buffer)
    {
        switch (Kind)
        {
            case MockFacetKind.Link:
                buffer.Json($$"""
                    {"features":[{"$type":"app.bsky.richtext.facet#link","uri":"{{new MockLink(Hash)}}"}],
                    """);
                break;
            case MockFacetKind.Tag:
                buffer.Json($$"""
                    {"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"{{Tag}}"}],
                    """);
                break;
            default:
                buffer.Json($$"""
                    {"features":[{"$type":"app.bsky.richtext.facet#mention","did":"{{new Did(Hash)}}"}],
                    """);
                break;
        }

        buffer.Json($$$"""
            "index":{"byteEnd":{{{End}}},"byteStart":{{{Start}}}}}
            """);
    }
}
