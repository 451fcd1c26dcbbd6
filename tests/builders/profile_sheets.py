"""Profile file with a row of nonsense in it."""

from pathlib import Path

import pytest

HEAD = "id,username,name,description,created_at,observed_at,followers_count,following_count,tweet_count,label,group\n"
GOOD = "{id},ann_{id},Ann,Gardens and maps,2015-03-01T00:00:00Z,2026-01-05T00:00:00Z,120,180,900,genuine,a\n"
SPAM = "{id},win{id}99x,WIN NOW,free money click,2026-01-04T00:00:00Z,2026-01-05T00:00:00Z,0,4900,1,spam,b\n"
BAD = "not-an-id,x,x,x,x,x,x,x,x,,\n"


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    """Two good rows with a row of nonsense between them."""
    path = tmp_path / "profiles.csv"
    path.write_text(HEAD + GOOD.format(id=11) + BAD + SPAM.format(id=12), encoding="utf-8")
    return path
