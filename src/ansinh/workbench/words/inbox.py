"""What waits for an officer."""

from __future__ import annotations

from ansinh.workbench.words import Words

WORDS: Words = {
    "vi": {
        "title": "Việc cần làm",
        "lead": "Theo vai trò của bạn, đếm đúng đến 100; nhiều hơn thì ghi 100+.",
        "duties": "Đang chờ",
        "duty": "Phần việc",
        "count": "Số việc",
        "since": "Lâu nhất từ",
        "due": "Hạn gần nhất",
        "none_title": "Chưa có phần việc nào",
        "none_text": "Vai trò của bạn không có việc chờ quyết định. Các mục bạn được xem ở thanh phía trên.",
    },
    "en": {
        "title": "What waits",
        "lead": "By your roles, counted exactly up to 100; more is shown as 100+.",
        "duties": "Waiting",
        "duty": "Duty",
        "count": "How many",
        "since": "The longest since",
        "due": "The next is due on",
        "none_title": "No duties",
        "none_text": "Your roles have nothing that waits for a decision. What you may see stands in the bar above.",
    },
}
