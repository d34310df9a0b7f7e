namespace Pipeline.Sources.Mock;

internal enum MockFacetKind
{
    Link,
    Tag,
    Mention,
}
